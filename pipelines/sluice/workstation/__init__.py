"""Start and stop the workstation on a machine: by Docker Compose, or natively with the environment Compose gives.

Modules that run before the first environment is built use nothing but the standard library: all but `wiring` and
what imports it.
"""
