"""Sandboxes and the lock tracer: where a plan is proven before it is written."""
