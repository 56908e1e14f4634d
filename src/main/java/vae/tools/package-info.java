/** What scripts compare with Python and with other programs: values, training steps, times. */
package vae.tools;
