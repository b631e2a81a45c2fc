-- Persons by where the records of one table come from, such as health records or claims.
SELECT CAST(#column AS INTEGER) AS type, COUNT(DISTINCT person_id) AS persons
FROM #table
WHERE person_id IN (SELECT person_id FROM person)
GROUP BY CAST(#column AS INTEGER)
