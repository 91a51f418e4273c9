// Sveltia would look for a config.yml as soon as it is there; open.js gives it its configuration instead.
window.CMS_MANUAL_INIT = true;
