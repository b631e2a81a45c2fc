-- What the database says of itself.
SELECT * FROM cdm_source
