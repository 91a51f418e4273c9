"""The packing room's own rules: what stands on its board, the codes on its labels, waves, and carriers' numbers."""
