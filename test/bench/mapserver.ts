// MapServer (Debian: cgi-mapserver, mapserver-bin, spawn-fcgi, nginx) over the same table: as many workers as cores, through
// FastCGI behind nginx, connections to the database kept open.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../support/cluster.ts'

const MAPSERV = '/usr/lib/cgi-bin/mapserv'
const TEMPLATES = '/usr/share/mapserver/ogcapi/templates/html-plain'
const SPAWN = '/usr/bin/spawn-fcgi'
const NGINX = '/usr/sbin/nginx'
const PROGRAMS = [MAPSERV, TEMPLATES, SPAWN, NGINX]

export interface MapServer {
  /** Features of gis.dot, without parameters. */
  items: string
  stop: () => void
}

/** Starts it over gis.dot; null where it is not installed. */
export async function startMapServer(databaseUrl: string): Promise<MapServer | null> {
  if (!PROGRAMS.every((file) => existsSync(file))) return null
  const folder = mkdtempSync(join(tmpdir(), 'asty-mapserver-'))
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const map = write('dot.map', mapFile(databaseUrl, base))
  const config = write('mapserver.conf', `CONFIG ENV OGCAPI_HTML_TEMPLATE_DIRECTORY "${TEMPLATES}" MS_MAP_PATTERN "." END MAPS city "${map}" END END`) // prettier-ignore
  const workers = await Promise.all(Array.from({ length: availableParallelism() }, () => freePort()))
  const env = { ...process.env, MAPSERVER_CONFIG_FILE: config }
  const children = [
    ...workers.map((one) => spawn(SPAWN, ['-n', '-a', '127.0.0.1', '-p', String(one), '--', MAPSERV], { env, stdio: 'ignore' })),
    spawn(NGINX, ['-p', folder, '-c', write('nginx.conf', nginxConf(port, workers))], { stdio: 'ignore' }),
  ] // prettier-ignore
  const stop = () => {
    children.forEach((child) => child.kill())
    rmSync(folder, { recursive: true, force: true })
  }
  const items = `${base}/ms/city/ogcapi/collections/dot/items`
  if (await answers(`${items}?f=json&limit=1`, children)) return { items, stop }
  stop()
  return null
}

/** Within ten seconds. */
async function answers(url: string, children: readonly ChildProcess[]): Promise<boolean> {
  for (let tries = 0; tries < 50 && children.every(({ exitCode }) => exitCode === null); tries++) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return false
}

function mapFile(databaseUrl: string, base: string): string {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl)
  const connection = `host=${hostname} port=${port || 5432} user=${username} ${password && `password=${password}`} dbname=${pathname.slice(1)}`
  return `MAP NAME "city" EXTENT 23 36 24 37 SIZE 100 100 PROJECTION "init=epsg:4326" END
  WEB METADATA "ows_enable_request" "*" "ows_srs" "EPSG:4326" "oga_onlineresource" "${base}/ms/city/ogcapi" "oga_html_template_directory" "${TEMPLATES}" END END
  LAYER NAME "dot" TYPE POINT STATUS ON TEMPLATE "x" EXTENT 23 36 24 37 PROJECTION "init=epsg:4326" END
    CONNECTIONTYPE POSTGIS CONNECTION "${connection}" PROCESSING "CLOSE_CONNECTION=DEFER"
    DATA "geom FROM (SELECT id, code, size_m, geom FROM gis.dot) AS d USING UNIQUE id USING SRID=4326"
    METADATA "ows_title" "dot" "gml_include_items" "all" "gml_types" "auto" "oga_featureid" "id" "oga_max_limit" "10000" END
    CLASS NAME "dot" END
  END
END`
}

const nginxConf = (port: number, workers: readonly number[]) => `daemon off; pid nginx.pid; error_log error.log;
events { worker_connections 256; }
http {
  access_log off; keepalive_requests 1000000;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  fastcgi_buffers 64 16k;
  upstream mapserver { least_conn; ${workers.map((one) => `server 127.0.0.1:${one};`).join(' ')} }
  server {
    listen 127.0.0.1:${port};
    location /ms/ {
      fastcgi_pass mapserver;
      fastcgi_split_path_info ^(/ms)(/.*)$;
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_NAME /ms;
      fastcgi_param PATH_INFO $fastcgi_path_info;
    }
  }
}`
