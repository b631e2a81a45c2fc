-- Persons by sex.
SELECT gender_concept_id AS sex, COUNT(*) AS persons FROM person GROUP BY gender_concept_id
