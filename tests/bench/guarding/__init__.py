"""The parts of the guard's bench, each of which returns figures as plain values."""
