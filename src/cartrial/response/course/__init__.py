"""The course of the disease as it is known at each assessment, before anything is judged."""
