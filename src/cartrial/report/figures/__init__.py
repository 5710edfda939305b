"""The figures: one module per kind, each an Altair chart from the tidy tables of `results`.

A figure has two lives: on the page, where it answers to the pointer, and as SVG in the PDF.
"""
