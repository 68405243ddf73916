/* global document, SETTING */
document.body.append('Started with ' + SETTING);
