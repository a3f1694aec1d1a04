/*
 * type-graphql asks the reflection polyfill for types even where every type is explicit, as all of ours are;
 * importing both here keeps their order right whichever module is loaded first.
 */
import 'reflect-metadata/lite';

export * from 'type-graphql';
