-- Persons by their age in years in the year in which their first observation period begins.
SELECT age, COUNT(*) AS persons
FROM (
  SELECT first.year - CAST(person.year_of_birth AS INTEGER) AS age
  FROM person
  LEFT JOIN (
    SELECT person_id, MIN(#year(observation_period_start_date)) AS year
    FROM observation_period
    GROUP BY person_id
  ) AS first ON first.person_id = person.person_id
) AS ages
GROUP BY age
