/** What is fetched after the table stands: properties, rules, settings, dialogs. */
export { Questions } from './dialogs.tsx'
export { Panel } from './panel.tsx'
export { Rules } from './rules.tsx'
export { Settings } from './settings.tsx'
