"""The Textual front end. It imports `wizard.session` and the model, nothing below."""
