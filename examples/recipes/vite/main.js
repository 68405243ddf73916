document.body.append('Started with ' + SETTING);
