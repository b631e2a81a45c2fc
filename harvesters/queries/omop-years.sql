-- Persons by year in which an observation period of theirs begins or ends.
SELECT SUBSTR(CAST(edge.day AS VARCHAR(30)), 1, 4) AS year, COUNT(DISTINCT edge.person_id) AS persons
FROM (
  SELECT person_id, observation_period_start_date AS day FROM observation_period
  UNION ALL
  SELECT person_id, observation_period_end_date AS day FROM observation_period
) AS edge
GROUP BY SUBSTR(CAST(edge.day AS VARCHAR(30)), 1, 4)
