// Drives openapi-fetch with the generated types (schema.d.ts, beside this file); tsc checks each call against them.
import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

const baseUrl = process.env.BASE_URL;
const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${process.env.TOKEN}` } });

const { data: whose } = await api.GET("/api/v1/me/");
const team = whose?.teams[0]?.id;
assert.ok(whose && team);
const body: components["schemas"]["ClientIn"] = { reference: "T-1", form_language: "en", teams: [team], birth_year: 1984 };
const made = await api.POST("/api/v1/clients/", { body, params: { header: { "Idempotency-Key": randomUUID() } } });
assert.equal(made.response.status, 201);
assert.ok(made.data);
const page = await api.GET("/api/v1/clients/", { params: { query: { reference: "T-1" } } });
assert.deepEqual(page.data?.results.map((client) => client.id), [made.data.id]);
const people = (await api.GET("/api/v1/practitioners/")).data?.results ?? [];
assert.ok(people.some((person) => person.id === whose.practitioner.id));

const today = new Date().toISOString().slice(0, 10);
const past: components["schemas"]["PastIn"] = {
  held_on: today, contact_form: "video", attendance: "attended", client: made.data.id, submission_id: randomUUID(),
  practitioner: whose.practitioner.id,
};
const session = await api.POST("/api/v1/sessions/", { body: past });
assert.equal(session.data?.practitioner, whose.practitioner.id);
const again = await api.POST("/api/v1/sessions/", { body: past });
assert.equal(again.data?.id, session.data?.id);

const later = await api.POST("/api/v1/sessions/", { body: { ...past, held_on: "2199-01-01", submission_id: randomUUID() } });
assert.equal(later.response.status, 422);
// fetch sends "Accept-Language: *" by itself: the sentence is the organisation's.
assert.deepEqual(later.error?.errors?.held_on, ["A session cannot be recorded before it is held."]);
const closed = await api.GET("/api/v1/clients/", { headers: { Authorization: "Bearer wrong" } });
assert.equal(closed.error?.status, 401);
console.log("TypeScript client: clients read, a session written once, a later one and a wrong token refused");
