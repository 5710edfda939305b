"""Laboratory values (ADLB) with their grades, and vital signs (ADVS)."""
