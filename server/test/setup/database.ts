/** Filled in with the database: starts the bundled server once per run. */
export default function setup(): void {}
