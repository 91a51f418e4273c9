"""What every other part uses: paths, content, clients of AWS, output, servers in the background."""
