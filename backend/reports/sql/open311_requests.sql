-- Public reports as Open311 service requests, newest first.
-- protocols: numbers, or null.  codes: slugs of categories, or null.  statuses: open, closed, or null.
-- start_at, end_at: of the report.  updated_after, updated_before: of its last change, or null.
-- sender_id: account that also reads the private ones that its programs sent, or null.
-- lon, lat: degrees, EPSG:4326, and radius_m: metres on the spheroid; or null.  offset_rows, max_rows: page.
SELECT replace(k.protocol, '/', '-') AS service_request_id,
       CASE WHEN r.closed_at IS NULL THEN 'open' ELSE 'closed' END AS status,
       (SELECT t.note
          FROM timeline_entry AS t
         WHERE t.case_id = r.id
           AND t.is_public
           AND t.note IS NOT NULL
         ORDER BY t.id DESC
         LIMIT 1) AS status_notes,
       c.title AS service_name,
       c.slug AS service_code,
       r.description,
       d.title AS agency_responsible,
       r.created_at AS requested_datetime,
       r.updated_at AS updated_datetime,
       r.due_at AS expected_datetime,
       r.place #> '{address,title}' AS address,
       ST_Y(r.geom) AS lat,
       ST_X(r.geom) AS long,
       (SELECT p.id
          FROM attachment AS p
         WHERE p.case_id = r.id
           AND p.published_at IS NOT NULL
         ORDER BY p.created_at
         LIMIT 1) AS photo_id,
       r.id AS report_id,
       r.status AS detailed_status,
       r.district,
       ST_AsText(r.shape, 6) AS shape,
       r.asset_key
  FROM report AS r
  JOIN case_record AS k ON k.id = r.id
  JOIN category AS c ON c.id = r.category_id
  LEFT JOIN department AS d ON d.id = r.department_id
 WHERE (r.is_public OR r.sender_id = :sender_id::bigint)
   AND r.created_at BETWEEN :start_at::timestamptz AND :end_at::timestamptz
   AND (:protocols::text[] IS NULL OR k.protocol = ANY (:protocols::text[]))
   AND (:codes::text[] IS NULL OR c.slug = ANY (:codes::text[]))
   AND (:statuses::text[] IS NULL OR CASE WHEN r.closed_at IS NULL THEN 'open' ELSE 'closed' END = ANY (:statuses::text[]))
   AND (:updated_after::timestamptz IS NULL OR r.updated_at > :updated_after::timestamptz)
   AND (:updated_before::timestamptz IS NULL OR r.updated_at < :updated_before::timestamptz)
   AND (:radius_m::float8 IS NULL
        OR ( r.geom && ST_Expand(ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326),
                                 :radius_m::float8 / 111000 / GREATEST(cos(radians(:lat::float8)), 0.01))
             AND ST_DWithin(r.geom::geography, ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326)::geography, :radius_m::float8)))
 ORDER BY r.created_at DESC, r.id DESC
 LIMIT :max_rows::int
OFFSET :offset_rows::int
