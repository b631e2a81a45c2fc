-- Persons by concept in one column of a table of clinical data.
SELECT CAST(#column AS INTEGER) AS concept, COUNT(DISTINCT person_id) AS persons
FROM #table
WHERE #column <> 0 AND person_id IN (SELECT person_id FROM person)
GROUP BY CAST(#column AS INTEGER)
