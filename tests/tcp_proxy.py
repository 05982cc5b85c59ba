"""A proxy between a client and a server that a test can cut, to see what the client makes of it."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_BYTES = 65_536


class Proxy:
    """Passes bytes on between a loopback port and a server's socket, until it is cut."""

    def __init__(self, upstream: str | tuple[str, int]) -> None:
        self._upstream = upstream
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> int:
        """Break all connections as a network does, without a goodbye; return how many there were."""
        with self._lock:
            found, self._open = self._open, []
        for one in found:
            with contextlib.suppress(OSError):
                # Closed with nothing lingering, the other end is told that it was reset.
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                one.shutdown(socket.SHUT_RDWR)
        return len(found) // 2

    def close(self) -> None:
        """Take no more connections, and cut those that are open."""
        self._listener.close()
        self.cut()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = self._connect()
                with self._lock:
                    self._open += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=pair, daemon=True).start()

    def _connect(self) -> socket.socket:
        if isinstance(self._upstream, str):
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._upstream)
            return far
        return socket.create_connection(self._upstream)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_BYTES):
            target.sendall(data)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
    source.close()


@contextmanager
def proxied(upstream: str | tuple[str, int]) -> Iterator[Proxy]:
    """Run a proxy in front of a server's socket file, or its address."""
    proxy = Proxy(upstream)
    try:
        yield proxy
    finally:
        proxy.close()
