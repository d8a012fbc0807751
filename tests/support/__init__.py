"""What the tests of every room share: programs, servers, a browser, real builds."""
