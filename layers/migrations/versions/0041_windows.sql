-- A picture that was taken before a mask was drawn shows what the mask hides: the server may forget it, and make none.
GRANT DELETE ON camera_snapshot TO qyran_server;
