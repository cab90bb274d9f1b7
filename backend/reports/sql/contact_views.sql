-- Who looked at the contact details of a report: the service, not the person, as its reporter may know it.
-- id: of the report.
SELECT e.at, e.detail->>'reason' AS reason,
       (SELECT d.title FROM role_grant AS g JOIN department AS d ON d.id = g.department_id
         WHERE g.account_id = e.actor_id ORDER BY g.id LIMIT 1) AS department
  FROM audit_entry AS e
 WHERE e.subject_id = :id::text
   AND e.action = 'contact.reveal'
 ORDER BY e.id
 LIMIT 200
