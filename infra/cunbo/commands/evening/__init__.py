"""Commands on what an evening on air leaves behind: its recording."""
