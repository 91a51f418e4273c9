"""The shop on this machine: the emulator of AWS, the stack on it, and `cunbo up`."""
