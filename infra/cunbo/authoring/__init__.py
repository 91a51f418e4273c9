"""What people who write the shop's content use: questions, preview, editor, clips, codes."""
