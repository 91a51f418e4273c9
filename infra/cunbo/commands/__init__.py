"""The commands, a file for each kind of work: each adds its words to the command line and runs what is asked."""
