package com.example.shop;

import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = "spring.datasource.url=jdbc:tc:postgresql:15:///shop")
class ContainerUrlTest extends ShopTestCase {}
