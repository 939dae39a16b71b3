// The Diagram view's host inside the test page.
import './formulasHost';
