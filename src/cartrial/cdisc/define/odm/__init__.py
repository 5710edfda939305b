"""A define.xml as elements of odmlib."""
