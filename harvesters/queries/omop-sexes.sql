-- Persons by sex.
SELECT CAST(gender_concept_id AS INTEGER) AS sex, COUNT(DISTINCT person_id) AS persons
FROM person
GROUP BY CAST(gender_concept_id AS INTEGER)
