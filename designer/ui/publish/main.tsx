/** The pages of publishing are drawn by the server; this brings their styles and the work pages' script. */
import '../pages.ts'
import './publish.css'
