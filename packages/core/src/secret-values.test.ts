import { describe, expect, it } from "vitest"
import { findSecretLines } from "./secret-values.ts"

const random = "f9K2mQ7xLp4Zr8Ts1Vw6"

describe("a file that often holds secrets", () => {
  it.each([
    [".npmrc", "save-exact=true\nregistry=https://registry.npmjs.org/\nalways-auth=true"],
    [".npmrc", `//registry.npmjs.org/:_authToken=$${"{NPM_TOKEN}"}`],
    [
      ".env.test",
      "MODE=test\nPORT=3100\nTOKEN_TTL=3600s\nSESSION_DAYS=30\nAUTH_URL=http://localhost:3000/login",
    ],
    [
      ".env",
      '# SECRET=x\nDB_PASSWORD=\nAPI_KEY=<your key>\nSECRET=changeme\nTOKEN="example"\nLOG_LEVEL=debug',
    ],
    [".env.test", "DATABASE_URL=postgres://postgres:password@localhost:5432/test\nSORT_KEY=created_at"],
    ["server.pem", "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUY9x\n-----END CERTIFICATE-----"],
    ["lang.key", "hello = world"],
    [".pypirc", "[distutils]\nindex-servers = pypi"],
    ["src/a.ts", `password = "${random}"`],
  ])("holds none: %s %j", (path, text) => {
    expect(findSecretLines(path, text)).toEqual([])
  })

  it.each([
    [".env", "A=1\nDB_PASSWORD=hunter2\nB=2", [2]],
    [".env", "export API_TOKEN='abc-def-ghi'", [1]],
    [".env.local", `APP_KEY=${random}`, [1]],
    [".env", `SOMETHING=${random}${random}`, [1]],
    [".env", "DATABASE_URL=postgres://ada:hunter2@db.example.org/x", [1]],
    [".npmrc", "save-exact=true\n//r.example/:_authToken=hunter2", [2]],
    [".npmrc", "_password=aHVudGVyMg", [1]],
    [".netrc", "machine h login u password hunter2", [1]],
    [".pgpass", "localhost:5432:db:ada:hunter2", [1]],
    ["id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc", [1]],
    ["credentials", `[default]\naws_secret_access_key = ${random}`, [2]],
  ] as const)("holds one: %s %j", (path, text, lines) => {
    expect(findSecretLines(path, text)).toEqual(lines)
  })
})
