/**
 * The TF1 tutorial's variational autoencoder, as a TensorFlow-Java graph project.
 *
 * <p>The packages are rooms that data passes in this order; each knows only those named:
 *
 * <table>
 *   <caption>Rooms</caption>
 *   <tr><th>room</th><th>what lives there</th><th>knows</th></tr>
 *   <tr><td>{@link vae.config}</td><td>what decides a run: sizes, settings, seed</td><td></td></tr>
 *   <tr><td>{@link vae.mnist}</td><td>images and batches; no TensorFlow</td><td>config</td></tr>
 *   <tr><td>{@link vae.tf1}</td><td>everything TF1-shaped: names, collections, saver, queues</td><td></td></tr>
 *   <tr><td>{@link vae.machine}</td><td>what the system tells of itself; no TensorFlow</td><td></td></tr>
 *   <tr><td>{@link vae.runtime}</td><td>TensorFlow's start, devices, sessions</td>
 *       <td>config</td></tr>
 *   <tr><td>{@link vae.model}</td><td>the graph: encoder, sampler, decoder, loss, RMSProp</td>
 *       <td>config, tf1</td></tr>
 *   <tr><td>{@link vae.train}</td><td>the loop, and the batches that queues give it</td>
 *       <td>config, mnist, model, runtime, tf1</td></tr>
 *   <tr><td>{@link vae.metagraph}</td><td>meta graphs that others wrote</td>
 *       <td>runtime, tf1</td></tr>
 *   <tr><td>{@link vae.storage}</td><td>models on disk and loaded</td>
 *       <td>config, runtime, model, tf1, metagraph</td></tr>
 *   <tr><td>{@link vae.latent}</td><td>what a z means: bounds on p(x), the atlas of digits</td>
 *       <td>config, mnist, model, storage</td></tr>
 *   <tr><td>{@link vae.serve}</td><td>a model for other programs: in-process and over HTTP</td>
 *       <td>config, latent, runtime, storage</td></tr>
 *   <tr><td>{@code vae.spark}</td><td>the model on Apache Spark, built by -Pspark</td>
 *       <td>config, latent, metagraph, mnist, runtime, storage</td></tr>
 *   <tr><td>{@link vae.picture}</td><td>images and the latent plane as PNG, GIF and text</td><td></td></tr>
 *   <tr><td>{@link vae.cli}</td><td>the commands</td><td>all</td></tr>
 * </table>
 *
 * <p>Where the tutorial's code has gone:
 *
 * <table>
 *   <caption>From the tutorial's symbols to files</caption>
 *   <tr><th>tutorial</th><th>here</th></tr>
 *   <tr><td>{@code num_input, hidden_dim, latent_dim}</td><td>{@link vae.config.NetworkShape}</td></tr>
 *   <tr><td>{@code learning_rate, num_steps, batch_size, disp_step}</td>
 *       <td>{@link vae.config.TrainingPlan}</td></tr>
 *   <tr><td>{@code read_images}</td><td>{@link vae.mnist.ImageList},
 *       {@link vae.tf1.InputPipeline}; {@link vae.mnist.MnistFiles}, {@link vae.mnist.MiniBatches}</td></tr>
 *   <tr><td>{@code Coordinator, start_queue_runners}</td><td>{@link vae.tf1.QueueRunners},
 *       {@link vae.train.QueuedBatches}</td></tr>
 *   <tr><td>{@code glorot_init}</td><td>{@code model.GlorotInit}</td></tr>
 *   <tr><td>{@code weights, biases}</td><td>{@code model.VaeParameters}</td></tr>
 *   <tr><td>{@code encoder}</td><td>{@code model.Encoder}</td></tr>
 *   <tr><td>{@code sampler, eps}</td><td>{@code model.Sampler}</td></tr>
 *   <tr><td>{@code decoder}</td><td>{@code model.Decoder}</td></tr>
 *   <tr><td>{@code vae_loss}</td><td>{@code model.VaeLoss}</td></tr>
 *   <tr><td>{@code RMSPropOptimizer, train_op}</td><td>{@code model.RmsProp}</td></tr>
 *   <tr><td>"build the model"</td><td>{@link vae.model.VaeGraph}</td></tr>
 *   <tr><td>{@code for step in range(1,num_steps)}</td><td>{@link vae.train.Trainer}</td></tr>
 *   <tr><td>{@code tf.train.Saver}</td><td>{@link vae.tf1.V2Saver}</td></tr>
 *   <tr><td>{@code saver.save}</td><td>{@link vae.storage.Tf1Export}, {@link
 *       vae.storage.SavedModelWriter}, {@link vae.storage.ModelStore}</td></tr>
 *   <tr><td>{@code import_meta_graph, restore}</td><td>{@link vae.storage.Tf1Import}, {@link
 *       vae.metagraph.GenerativeGraph}</td></tr>
 *   <tr><td>{@code add_to_collection, get_collection, get_all_collection_keys}</td>
 *       <td>{@link vae.tf1.GraphCollections}</td></tr>
 *   <tr><td>{@code print(i)} of a variable</td><td>{@link vae.tf1.ListedVariable}</td></tr>
 *   <tr><td>{@code noise_input, generate}</td><td>{@link vae.model.GeneratorGraph}</td></tr>
 *   <tr><td>{@code plt.imshow}</td><td>{@link vae.picture.Tiling}</td></tr>
 * </table>
 */
package vae;
