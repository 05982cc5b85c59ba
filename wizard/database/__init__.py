"""Reading databases: connection sources, catalogues, statistics, DDL files."""
