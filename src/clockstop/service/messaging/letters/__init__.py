"""Letters to patients: what they are made of, their forms, and the PDF."""
