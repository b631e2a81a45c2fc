-- Persons by year in which an observation period of theirs begins or ends.
SELECT year, COUNT(DISTINCT person_id) AS persons
FROM (
  SELECT person_id, #year(observation_period_start_date) AS year FROM observation_period
  UNION ALL
  SELECT person_id, #year(observation_period_end_date) AS year FROM observation_period
) AS edge
WHERE person_id IN (SELECT person_id FROM person)
GROUP BY year
