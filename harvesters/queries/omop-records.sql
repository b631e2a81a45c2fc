-- Records and persons of one table of clinical data; records of nobody in PERSON do not count.
SELECT COUNT(*) AS records, COUNT(DISTINCT person_id) AS persons
FROM #table
WHERE person_id IN (SELECT person_id FROM person)
