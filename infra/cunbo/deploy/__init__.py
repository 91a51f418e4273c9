"""What brings a stage to AWS: the package, the stack, its secret, the site."""
