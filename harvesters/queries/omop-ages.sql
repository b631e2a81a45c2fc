-- Persons by their age in years in the year in which their first observation period begins.
SELECT first.year - person.year_of_birth AS age, COUNT(*) AS persons
FROM person
LEFT JOIN (
  SELECT person_id, MIN(CAST(SUBSTR(CAST(observation_period_start_date AS VARCHAR(30)), 1, 4) AS INTEGER)) AS year
  FROM observation_period
  GROUP BY person_id
) AS first ON first.person_id = person.person_id
GROUP BY first.year - person.year_of_birth
