/** The pages of packs are drawn by the server; this brings their styles and the work pages' script. */
import '../pages.ts'
import './packs.css'
