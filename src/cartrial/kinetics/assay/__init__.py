"""What the laboratory measured, plate by plate and tube by tube, made into results."""
