/** An application as a user would write it: the starter, the driver, and migrations in three places. */
package com.example.shop;
