"""Places of the services: police, fire, hospitals, schools, hydrants."""
