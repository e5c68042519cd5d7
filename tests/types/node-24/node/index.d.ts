/// <reference types="types-node-24" />
