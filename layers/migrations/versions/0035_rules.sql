-- People who plan give cameras their rules and masks; nothing else of a camera is theirs to write.
GRANT UPDATE (rules, masks) ON camera TO qyran_server;
