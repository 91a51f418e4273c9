"""The sound of the drawn films, made by numpy alone: notes, instruments, noises, and how they are mixed."""
