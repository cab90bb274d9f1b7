-- Bodies that are to be asked now for what became of our reports. Whoever asks first has them alone, for longer than asking may take.
UPDATE open311_endpoint AS e
   SET read_after = now() + interval '15 minutes'
 WHERE e.read_after <= now()
   AND EXISTS (SELECT FROM report_forward AS f WHERE f.endpoint_id = e.id AND f.state = 'sent')
RETURNING e.id::text AS id
