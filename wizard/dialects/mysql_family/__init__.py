"""What MySQL and MariaDB have in common."""
