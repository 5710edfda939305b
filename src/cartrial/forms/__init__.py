"""What is collected: one declared table per case report form, in the words of the ward."""
