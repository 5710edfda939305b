"""The posterior by the no-U-turn sampler (NUTS), in JAX: the one place where JAX is imported."""
