"""How a form looks: its fields, their order and headings, what each offers to choose from."""
