// The Score Selection view's host inside the test page.
import './formulasHost';
